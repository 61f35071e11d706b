package com.opengrail.kafka.sse.examples;

import com.opengrail.kafka.sse.KafkaSse;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.WebApplicationInitializer;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

/** A WAR with Spring MVC: Spring calls {@link #onStartup} where the container finds it on the class path. */
public final class SpringApplication implements WebApplicationInitializer {

    /** The beans. The engine's {@code close} is called when the application ends. */
    @Configuration
    @EnableWebMvc
    @Import(OrdersController.class)
    public static class Beans {
        @Bean
        KafkaSse engine() {
            return KafkaSse.builder()
                    .name("spring")
                    .bootstrapServers(System.getProperty("example.brokers"))
                    .allowedTopics("orders-.*")
                    .build();
        }
    }

    @Override
    public void onStartup(ServletContext context) {
        AnnotationConfigWebApplicationContext beans = new AnnotationConfigWebApplicationContext();
        beans.register(Beans.class);
        ServletRegistration.Dynamic dispatcher = context.addServlet("dispatcher", new DispatcherServlet(beans));
        dispatcher.setAsyncSupported(true);
        dispatcher.setLoadOnStartup(1);
        dispatcher.addMapping("/app/*");
    }
}
